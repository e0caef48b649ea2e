"""Makes one small picture in each further format with Pillow (tried with 13.0).

    pip install pillow && python make_formats.py

Left half 200, 100, 0; right half 10, 20, 30.
"""
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
