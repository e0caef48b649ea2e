"""Makes the pictures beside it with Pillow (tried with 13.0), for comparison with Pillow's own results.

    pip install pillow && python make.py
"""
from pathlib import Path

from PIL import Image, ImageOps

here = Path(__file__).parent


def synthetic(width, height):
    """Smooth colours, a hard disc and a chequered corner: what a filter treats differently."""
    picture = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            r, g, b = 255 * x // (width - 1), 255 * y // (height - 1), 128
            if (x - 20) ** 2 + (y - 25) ** 2 < 150:
                r, g, b = 240, 30, 60
            if x > 40 and y > 30 and (x + y) % 2:
                r, g, b = 0, 0, 255
            picture.putpixel((x, y), (r, g, b))
    return picture


source = synthetic(61, 47)
source.save(here / "source.png")
bilinear = Image.Resampling.BILINEAR
for width, height in [(23, 17), (130, 90), (61, 10), (7, 47)]:
    source.resize((width, height), bilinear).save(here / f"source-{width}x{height}.png")
bicubic = Image.Resampling.BICUBIC
for width, height in [(23, 17), (130, 90)]:
    source.resize((width, height), bicubic).save(here / f"source-bicubic-{width}x{height}.png")
source.convert("L").save(here / "source-grey.png")
# What torchvision's Resize(20) and CenterCrop((10, 24)) leave: 25×20, then from column 0, row 5.
source.resize((25, 20), bilinear).crop((0, 5, 24, 15)).save(here / "source-middle-24x10.png")

# Eight by four blocks of 8 pixels: JPEG's own blocks, so that colours survive.
corners = Image.new("RGB", (32, 16), (255, 255, 255))
for box, colour in [((0, 0, 16, 8), (255, 0, 0)), ((16, 0, 32, 8), (0, 255, 0)), ((0, 8, 16, 16), (0, 0, 255))]:
    corners.paste(colour, box)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    corners.save(here / f"orientation-{orientation}.jpg", quality=95, subsampling=0, exif=exif)
    with Image.open(here / f"orientation-{orientation}.jpg") as stored:
        upright = ImageOps.exif_transpose(stored)
        print(orientation, upright.size, [upright.getpixel(p) for p in [(3, 3), (upright.width - 4, 3), (3, upright.height - 4)]])

Image.new("L", (4, 4), 128).save(here / "grey.png")
Image.new("L", (16, 16), 128).save(here / "grey.jpg", quality=95)
Image.new("LA", (4, 4), (100, 51)).save(here / "grey-alpha.png")
Image.new("RGBA", (4, 4), (200, 100, 0, 128)).save(here / "alpha.png")
Image.new("I;16", (4, 4), 0x8040).save(here / "grey-16bit.png")
Image.new("1", (4, 4), 1).save(here / "one-bit.png")
indexed = Image.new("P", (4, 4), 1)
indexed.putpalette([0, 0, 0, 10, 20, 30])
indexed.save(here / "indexed.png", transparency=0)
transparent = Image.new("RGB", (4, 4), (10, 20, 30))
transparent.putpixel((0, 0), (1, 2, 3))
transparent.save(here / "one-transparent-colour.png", transparency=(1, 2, 3))
Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(here / "cmyk.jpg", quality=95)
