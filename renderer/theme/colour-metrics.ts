/** Numbers about colours for the contrast test: WCAG 2 relative luminance and ratio, Machado 2009 vision simulation, CIEDE2000. */

type Triple = readonly [number, number, number];
/** Row-major 3×3 matrices on linear sRGB (Machado, Oliveira, Fernandes 2009, severity 1). */
export const visions = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
export type Vision = keyof typeof visions;

const linear = (channel: number): number => {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const channels = (hex: string): Triple => {
  const n = Number.parseInt(hex.slice(1), 16);
  return [linear(n >> 16), linear((n >> 8) & 255), linear(n & 255)];
};

/** WCAG 2 relative luminance of `#rrggbb`. */
export function luminance(hex: string): number {
  const [r, g, b] = channels(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast ratio; `veil` is room light added to both luminances. */
export function contrastRatio(a: string, b: string, veil = 0): number {
  const one = luminance(a) + veil;
  const two = luminance(b) + veil;
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

/** CIE L*a*b* (D65) of a colour as the given vision sees it. */
export function toLab(hex: string, vision: Vision): Triple {
  const [r, g, b] = channels(hex);
  const m = visions[vision];
  const clip = (x: number): number => Math.min(1, Math.max(0, x));
  const q = [0, 3, 6].map((i) => clip((m[i] ?? 0) * r + (m[i + 1] ?? 0) * g + (m[i + 2] ?? 0) * b));
  const [p, s, t] = [q[0] ?? 0, q[1] ?? 0, q[2] ?? 0];
  const f = (v: number): number => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116);
  const x = f((0.4124 * p + 0.3576 * s + 0.1805 * t) / 0.95047);
  const y = f(0.2126 * p + 0.7152 * s + 0.0722 * t);
  const z = f((0.0193 * p + 0.1192 * s + 0.9505 * t) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const degrees = Math.PI / 180;
const hueOf = (a: number, b: number): number => (Math.atan2(b, a) / degrees + 360) % 360;
const seventh = (c: number): number => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));

/** CIEDE2000 difference (Sharma, Wu, Dalal 2005). */
export function deltaE([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const g = 0.5 * (1 - seventh((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const [h1, h2] = [hueOf(p1, b1), hueOf(p2, b2)];
  const turn = h2 - h1;
  const dh = turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
  const dL = l2 - l1;
  const dC = c2 - c1;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * degrees);
  const L = (l1 + l2) / 2;
  const C = (c1 + c2) / 2;
  const H = Math.abs(h1 - h2) > 180 ? (h1 + h2) / 2 + 180 : (h1 + h2) / 2;
  const cos = (d: number): number => Math.cos(d * degrees);
  const T = 1 - 0.17 * cos(H - 30) + 0.24 * cos(2 * H) + 0.32 * cos(3 * H + 6) - 0.2 * cos(4 * H - 63);
  const SL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
  const SC = 1 + 0.045 * C;
  const SH = 1 + 0.015 * C * T;
  const RT = -2 * seventh(C) * Math.sin(60 * Math.exp(-(((H - 275) / 25) ** 2)) * degrees);
  return Math.sqrt((dL / SL) ** 2 + (dC / SC) ** 2 + (dH / SH) ** 2 + RT * (dC / SC) * (dH / SH));
}
