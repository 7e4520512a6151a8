import type { FieldPath } from '../types.ts';

/** Reads `spec.ports[0].port`, `spec.ports.0.port` or `metadata.annotations["a.b/c"]`; null if it is none. */
export function parseFieldPath(text: string): FieldPath | null {
  const path: (string | number)[] = [];
  const step = /\.?(?:([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\])/y;
  while (step.lastIndex < text.length) {
    const m = step.exec(text);
    if (m === null) return null;
    if (m[1] !== undefined) path.push(/^\d+$/.test(m[1]) ? Number(m[1]) : m[1]);
    else path.push(m[2] !== undefined ? Number(m[2]) : m[3]!.replace(/\\(.)/g, '$1'));
  }
  return path.length === 0 ? null : path;
}
