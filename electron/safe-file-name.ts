const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const longest = 120;
const fallback = 'manifests.yaml';

/** Cuts to at most so many bytes of UTF-8, between code points, keeping the ending. */
function shorten(name: string): string {
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 10 ? name.slice(dot) : '';
  let stem = Array.from(name.slice(0, name.length - ending.length));
  while (Buffer.byteLength(stem.join('') + ending) > longest) stem = stem.slice(0, -1);
  return stem.join('') + ending;
}

/** A name that every file system takes, made of a suggested one: no folder, no reserved or hidden name, at most 120 bytes (reliability E5). */
export function safeFileName(suggested: string): string {
  const plain = suggested
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[/\\:*?"<>|]/g, '-')
    .replace(/^[\s.-]+|[\s.]+$/g, '');
  const short = shorten(plain).replace(/[\s.]+$/, '');
  if (short === '') return fallback;
  return reserved.test(short) ? `_${short}` : short;
}
