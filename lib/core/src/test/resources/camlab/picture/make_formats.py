"""Makes one small picture in each further format with Pillow (tried with 13.0).

    pip install pillow && python make_formats.py

Left half 200, 100, 0; right half 10, 20, 30.
"""
from io import BytesIO
from pathlib import Path

from PIL import Image

here = Path(__file__).parent
picture = Image.new("RGB", (8, 6), (200, 100, 0))
picture.paste((10, 20, 30), (4, 0, 8, 6))

picture.save(here / "format.bmp")
picture.quantize(2).save(here / "format.gif")
picture.save(here / "format.tiff", compression="tiff_lzw")
exif = Image.Exif()
exif[0x0112] = 3
picture.save(here / "format-upside-down.tiff", exif=exif)
picture.convert("CMYK").save(here / "format-cmyk.tiff")
picture.convert("F").save(here / "format-float.tiff")
picture.save(here / "format-preview.tiff", tiffinfo={254: 1})
picture.save(here / "format.webp", lossless=True)
picture.save(here / "format.avif")

# A fourth sample that is said to be nothing in particular, such as infrared light: no opacity.
four = Image.merge("RGBX", [*picture.split(), Image.new("L", picture.size, 40)])
four.save(here / "format-fourth-sample.tiff")


def with_numbers(jpeg: bytes, numbers: bytes) -> bytes:
    """A JPEG file without its JFIF marker, whose components have other numbers than 1, 2 and 3."""
    marker = jpeg.index(b"\xff\xe0")
    length = int.from_bytes(jpeg[marker + 2 : marker + 4], "big")
    changed = bytearray(jpeg[:marker] + jpeg[marker + 2 + length :])
    frame = changed.index(b"\xff\xc0") + 10
    scan = changed.index(b"\xff\xda") + 5
    for i, number in enumerate(numbers):
        changed[frame + 3 * i] = number
        changed[scan + 2 * i] = number
    return bytes(changed)


file = BytesIO()
picture.save(file, "jpeg", quality=100, subsampling=0)
(here / "format-numbered-from-0.jpg").write_bytes(with_numbers(file.getvalue(), bytes([0, 1, 2])))
# Another marker says that these are red, green and blue, but JFIF's counts.
adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
(here / "format-two-markers.jpg").write_bytes(file.getvalue()[:20] + adobe + file.getvalue()[20:])
