"""Makes one small picture in each further format with Pillow (tried with 13.0).

    pip install pillow && python make_formats.py

Left half 200, 100, 0; right half 10, 20, 30.
"""
from io import BytesIO
from pathlib import Path

from PIL import Image, PngImagePlugin

here = Path(__file__).parent
picture = Image.new("RGB", (8, 6), (200, 100, 0))
picture.paste((10, 20, 30), (4, 0, 8, 6))

picture.save(here / "format.bmp")
picture.quantize(2).save(here / "format.gif")
picture.save(here / "format.tiff", compression="tiff_lzw")
picture.quantize(2).save(here / "format-indexed.tiff")


def gif(name: str, left: int, top: int, transparent: bool) -> None:
    """A GIF of 8x6 whose only frame is 4x3 pixels, 1 2 1 2 … by rows, of four colours."""
    colours = [(10, 20, 30), (200, 100, 0), (0, 200, 0), (0, 0, 200)]
    codes = [code for i in range(12) for code in (4, 1 + i % 2)] + [5]  # 4 starts anew, 5 ends
    bits = "".join(format(code, "03b")[::-1] for code in codes).ljust(80, "0")
    data = bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, 80, 8))
    (here / name).write_bytes(
        b"GIF89a\x08\x00\x06\x00\xf1\x02\x00"
        + b"".join(bytes(colour) for colour in colours)
        + (b"\x21\xf9\x04\x01\x00\x00\x02\x00" if transparent else b"")
        + bytes([0x2C, left, 0, top, 0, 4, 0, 3, 0, 0, 2, len(data)])
        + data
        + b"\x00;"
    )


gif("frame-inside.gif", 2, 1, False)
gif("frame-inside-transparent.gif", 2, 1, True)
gif("frame-beyond.gif", 6, 4, False)
exif = Image.Exif()
exif[0x0112] = 3
picture.save(here / "format-upside-down.tiff", exif=exif)
# The same elsewhere than in EXIF: as ImageMagick writes it into PNG, and in XMP.
text = PngImagePlugin.PngInfo()
bytes_ = exif.tobytes()
text.add_text("Raw profile type exif", f"\nexif\n{len(bytes_):8}\n{bytes_.hex()}\n", zip=True)
picture.save(here / "format-upside-down-in-text.png", pnginfo=text)
xmp = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/"><tiff:Orientation>3</tiff:Orientation>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
text = PngImagePlugin.PngInfo()
text.add_itxt("XML:com.adobe.xmp", xmp)
picture.save(here / "format-upside-down-in-xmp.png", pnginfo=text)
picture.save(here / "format-upside-down-in-xmp.jpg", xmp=xmp.encode(), quality=100, subsampling=0)
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
