"""A picture of a page as a small PNG: 256 colours, chosen by a browser, packed by zlib."""

import base64
import struct
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Colours are counted with 5 bits a channel; the 255 most frequent stay, every other pixel takes the nearest of them.
_CHOOSE_COLOURS = """
async (address) => {
  const picture = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height), drawn = canvas.getContext("2d");
  drawn.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(drawn.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const bins = new Map();
  for (const pixel of pixels) {
    const key = pixel & 0xf8f8f8, bin = bins.get(key) ?? { count: 0, colours: new Map() };
    bin.count += 1;
    bin.colours.set(pixel, (bin.colours.get(pixel) ?? 0) + 1);
    bins.set(key, bin);
  }
  const most = (counts) => [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0])[0][0];
  const sorted = [...bins].sort((one, other) => other[1].count - one[1].count || one[0] - other[0]);
  const palette = sorted.slice(0, 256).map(([, bin]) => most(bin.colours));
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const channels = palette.map(parts);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const indices = new Uint8Array(pixels.length);
  pixels.forEach((pixel, at) => {
    let found = nearest.get(pixel);
    if (found === undefined) {
      const [red, green, blue] = parts(pixel);
      let least = Infinity;
      channels.forEach(([r, g, b], index) => {
        const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
        if (far < least) { least = far; found = index; }
      });
      nearest.set(pixel, found);
    }
    indices[at] = found;
  });
  let text = "";
  for (let at = 0; at < indices.length; at += 32768) text += String.fromCharCode(...indices.subarray(at, at + 32768));
  return { width: picture.width, height: picture.height, palette: channels.flat(), indices: btoa(text) };
}
"""


def shrink(blank: "Page", picture: bytes) -> bytes:
    """The picture with 256 colours. ``blank`` is a page without a content security policy."""
    address = f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"
    found: dict[str, Any] = blank.evaluate(_CHOOSE_COLOURS, address)
    return _indexed(found["width"], found["height"], bytes(found["palette"]), base64.b64decode(found["indices"]))


def _indexed(width: int, height: int, palette: bytes, indices: bytes) -> bytes:
    rows = b"".join(b"\0" + indices[start : start + width] for start in range(0, width * height, width))
    head = struct.pack("!IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
