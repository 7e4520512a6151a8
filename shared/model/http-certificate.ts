import { decodeBase64 } from '../base/base64.ts';

/** The DER of `id-ce-subjectAltName`, 2.5.29.17 (RFC 5280 §4.2.1.6). */
const subjectAltName = [0x06, 0x03, 0x55, 0x1d, 0x11];
/** The context tag of a dNSName among GeneralNames. */
const dnsNameTag = 0x82;

/** The DNS names of the first certificate in a Secret's `tls.crt` (base64 in `data`, PEM in `stringData`); null where there is none to read. */
export function certificateNames(data: string, text: string): readonly string[] | null {
  const der = derOf(text !== '' ? text : latin1(bytesOf(data)));
  return der === null ? null : namesIn(der);
}

const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
const base64Form = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const bytesOf = (text: string): Uint8Array => (base64Form.test(text) ? decodeBase64(text.replace(/\s/g, '')) : new Uint8Array());

function derOf(pem: string): Uint8Array | null {
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem)?.[1];
  const der = body === undefined ? null : bytesOf(body);
  return der === null || der.length === 0 ? null : der;
}

/** Length and start of the content of the DER element at `at`; null for lengths that no certificate needs. */
function contentAt(der: Uint8Array, at: number): { readonly start: number; readonly length: number } | null {
  const first = der[at + 1];
  if (first === undefined) return null;
  if (first < 0x80) return { start: at + 2, length: first };
  const size = first & 0x7f;
  if (size < 1 || size > 3) return null;
  let length = 0;
  for (let i = 0; i < size; i++) length = length * 256 + (der[at + 2 + i] ?? 0);
  return { start: at + 2 + size, length };
}

function namesIn(der: Uint8Array): readonly string[] {
  const oid = der.findIndex((_, i) => subjectAltName.every((byte, j) => der[i + j] === byte));
  if (oid < 0) return [];
  let at = oid + subjectAltName.length;
  // a critical extension carries a BOOLEAN before its OCTET STRING
  if (der[at] === 0x01) at += 3;
  const octets = contentAt(der, at);
  const list = octets && contentAt(der, octets.start);
  if (!list) return [];
  const names: string[] = [];
  for (let i = list.start; i < list.start + list.length;) {
    const item = contentAt(der, i);
    if (!item) break;
    if (der[i] === dnsNameTag) names.push(latin1(der.subarray(item.start, item.start + item.length)).toLowerCase());
    i = item.start + item.length;
  }
  return names;
}
