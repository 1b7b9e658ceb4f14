"""Regenerates the reference files of this folder with Pillow (made with 12.3.0) and NumPy."""
import io
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps

MODES = {'L': 1, 'RGB': 3, 'RGBA': 4}


def pattern(channels, height, width):
    """The picture that ResizeTest makes by the same formula."""
    c, y, x = np.meshgrid(range(channels), range(height), range(width), indexing='ij')
    v = (x * x * 7 + x * y * 13 + c * y * 29 + x * 31 + y * 17 + c * 101 + (x ^ y) * 53) % 256
    return np.moveaxis(v, 0, -1).astype(np.uint8)


def picture(pixels):
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


FILTERS = {'BOX': Image.BOX, 'BILINEAR': Image.BILINEAR, 'HAMMING': Image.HAMMING, 'BICUBIC': Image.BICUBIC,
           'LANCZOS': Image.LANCZOS}

# mode, source height x width, height x width, box (left, top, right, bottom) or None
SMALL = [('L', 1, 1, 3, 2, None), ('L', 13, 17, 1, 1, None), ('L', 13, 17, 5, 7, None), ('L', 5, 7, 9, 11, None),
         ('L', 13, 17, 13, 6, None), ('L', 13, 17, 4, 17, None), ('L', 3, 2, 3, 2, None),
         ('RGB', 11, 9, 4, 5, (1.25, 0.5, 8.75, 10.1)), ('RGBA', 7, 5, 3, 4, None), ('RGBA', 5, 7, 6, 9, None),
         ('L', 9, 9, 9, 9, (0, 0.5, 8.5, 9))]
LARGE = [('RGB', 207, 131, 64, 64, None), ('RGB', 64, 61, 207, 130, None), ('RGBA', 131, 207, 17, 301, None),
         ('L', 702, 3, 13, 5, (0.1, 12.3, 2.9, 700.7))]


def line(name, mode, h, w, oh, ow, box):
    return f"{name} {mode} {h} {w} {oh} {ow} {','.join(map(str, box)) if box else '-'} "


def resize():
    with open('resize.txt', 'w') as out:
        for name, resample in FILTERS.items():
            for case in SMALL + LARGE:
                mode, h, w, oh, ow, box = case
                result = picture(pattern(MODES[mode], h, w)).resize((ow, oh), resample, box).tobytes()
                data = result.hex() if case in SMALL else f'crc32:{zlib.crc32(result):08x}'
                out.write(line(name, *case) + data + '\n')
            for h, w, oh, ow in [(13, 17, 5, 7), (4, 3, 7, 5)]:
                source = Image.fromarray(pattern(1, h, w)[..., 0].astype(np.float32) / 3)
                result = np.asarray(source.resize((ow, oh), resample), dtype='>f4').tobytes()
                out.write(line(name, 'F', h, w, oh, ow, None) + result.hex() + '\n')
        for h, w, oh, ow in [(11, 9, 5, 5), (9, 11, 5, 5), (11, 9, 4, 7), (6, 6, 3, 3)]:
            result = ImageOps.fit(picture(pattern(3, h, w)), (ow, oh), Image.LANCZOS).tobytes()
            out.write(line('FIT', 'RGB', h, w, oh, ow, None) + result.hex() + '\n')


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(samples, color, interlaced=False):
    """A PNG of 8 or 16 bits, for what Pillow does not write."""
    height, width = samples.shape[:2]
    bits = samples.dtype.itemsize * 8
    passes = ([(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
              if interlaced else [(0, 0, 1, 1)])
    big = samples.astype(f'>u{bits // 8}')
    rows = b''.join(b'\0' + row.tobytes() for y, x, dy, dx in passes for row in big[y::dy, x::dx] if row.size)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, bits, color, 0, 0,
            int(interlaced))) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def smooth(height, width):
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 255 // (width - 1), y * 255 // (height - 1), (x * 11 + y * 7) % 256], -1).astype(np.uint8)


def high_byte(samples):
    return (samples >> 8).astype(np.uint8)


def write(name, data):
    with open(name, 'wb') as out:
        out.write(data)


def decode():
    rng = np.random.RandomState(7)
    rgb = smooth(7, 13)
    rgba = np.concatenate([rgb, rng.randint(0, 256, (7, 13, 1)).astype(np.uint8)], -1)
    deep = rng.randint(0, 65536, (7, 13, 4)).astype(np.uint16)
    Image.fromarray(rgb).save('rgb.png')
    Image.fromarray(rgba).save('rgba.png')
    Image.fromarray(rgb[..., 0]).save('grey.png')
    Image.fromarray(rgb[..., 0] > 99).save('grey1.png')
    Image.fromarray(rgba[..., 2:]).save('greyalpha.png')
    Image.fromarray(rgb).quantize(11).save('palette.png')
    Image.fromarray(rgb).quantize(5).save('palette-alpha.png', transparency=bytes([0, 128, 255, 7]))
    Image.fromarray(rgb).save('rgb-transparent-color.png', transparency=tuple(map(int, rgb[2, 3])))
    write('rgb16.png', png(deep[..., :3], 2))
    write('grey16.png', png(deep[..., :1], 0))
    write('rgba16-interlaced.png', png(deep, 6, True))
    write('rgb-interlaced.png', png(rgb, 2, True))

    photo = Image.fromarray(smooth(19, 27))
    photo.save('baseline.jpg', quality=80)
    photo.save('subsampling422.jpg', quality=80, subsampling=1)
    photo.save('progressive.jpg', quality=80, progressive=True)
    photo.convert('L').save('grey.jpg', quality=80)
    cmyk = Image.merge('CMYK', [*photo.split(), photo.split()[1].rotate(180)])
    cmyk.save('cmyk.jpg', quality=90)
    data = bytearray(open('cmyk.jpg', 'rb').read())
    data[data.index(b'Adobe') + 11] = 2
    write('ycck.jpg', bytes(data))
    photo.save('rgb.jpg', quality=80, keep_rgb=True)

    with open('decode.txt', 'w') as out:
        for name in ['rgb.png', 'rgba.png', 'grey.png', 'grey1.png', 'greyalpha.png', 'palette.png',
                     'palette-alpha.png', 'rgb-transparent-color.png', 'rgb-interlaced.png', 'rgb16.png',
                     'rgba16-interlaced.png', 'grey16.png', 'baseline.jpg', 'subsampling422.jpg', 'progressive.jpg',
                     'grey.jpg', 'cmyk.jpg', 'ycck.jpg', 'rgb.jpg']:
            image = Image.open(name)
            if name == 'grey16.png':  # Pillow clips these to 255
                image = Image.fromarray(high_byte(np.asarray(image).astype(np.uint16)))
            for mode in MODES:
                pixels = image.convert(mode).tobytes()
                data = pixels.hex() if mode == 'RGB' else f'crc32:{zlib.crc32(pixels):08x}'
                out.write(f'{name} {mode} {image.height} {image.width} {data}\n')


def orientation():
    """upright.png stored in eight ways; blocks of 8 survive JPEG."""
    upright = Image.fromarray(np.kron(np.array([[[250, 20, 30], [20, 240, 60], [40, 30, 230]],
                                                [[255, 255, 255], [0, 0, 0], [250, 230, 20]]], np.uint8),
                                      np.ones((8, 8, 1), np.uint8)))
    upright.save('upright.png')
    T = Image.Transpose
    stored = [None, T.FLIP_LEFT_RIGHT, T.ROTATE_180, T.FLIP_TOP_BOTTOM, T.TRANSPOSE, T.ROTATE_90, T.TRANSVERSE,
              T.ROTATE_270]
    for i, how in enumerate(stored, 1):
        exif = Image.Exif()
        exif[0x0112] = i
        name = f'orientation{i}.jpg'
        (upright if how is None else upright.transpose(how)).save(name, quality=95, subsampling=0, exif=exif)
        difference = np.int32(ImageOps.exif_transpose(Image.open(name))) - np.int32(upright)
        assert abs(difference).max() <= 3, (name, abs(difference).max())
    exif = Image.Exif()
    exif[0x0112] = 6
    upright.transpose(T.ROTATE_90).save('orientation6.png', exif=exif)


print(PIL.__version__)
resize()
decode()
orientation()
