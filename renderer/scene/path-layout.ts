import type { Cluster } from '../../shared/model/types.ts';
import { pathLine, type Frame, type LayoutOptions } from './layout-options.ts';
import type { PathChip, Scene } from './scene.ts';

const height = 30;
const gap = 10;
const widest = 340;
const moreWidth = 74;

type Path = Omit<PathChip, 'rect'>;

/** Every Ingress path, in the order of the Ingresses; the one for whatever no path takes is last of its Ingress. */
export function pathsOf({ ingresses = [] }: Cluster): readonly Path[] {
  return ingresses.flatMap(({ namespace, name, backends }) => backends.map(({ host, path, service, port }, i): Path => {
    const words = `${host}${path}` || 'everything else';
    return { id: `ingress/${namespace}/${name}/${i}`, words, service: `service/${namespace}/${service}`, to: service, label: `Ingress ${name}, ${words}, to Service ${service}:${port}` };
  }));
}

/** By the fonts' mean advance: 7.3 px a character of the path, 7.7 px a letter of the Service. */
const widthOf = ({ words, to }: Path, letters: number): number => Math.min(widest * letters, 34 + letters * (Math.ceil(words.length * 7.3) + 30 + Math.ceil(to.length * 7.7)) + 12);

/** Ingress paths in one line above the Services; what finds no room becomes a count, or more lines where that was unfolded. Paths to the Service in the request come first. */
export function layoutPaths(paths: readonly Path[], options: LayoutOptions, frame: Frame): { readonly chips: readonly PathChip[]; readonly more: Scene['moreServices']; readonly lines: number } {
  const ordered = [...paths.filter(({ service }) => service === options.service), ...paths.filter(({ service }) => service !== options.service)];
  const unfolded = options.unfolded.has('ingresses');
  const [left, right] = [frame.left + 76 * frame.letters, frame.width - 18];
  const y0 = frame.low ? 8 : 16;
  const chips: PathChip[] = [];
  let [x, line] = [left, 0];
  for (const [i, path] of ordered.entries()) {
    const width = Math.min(widthOf(path, frame.letters), right - left);
    const reserved = unfolded || i === ordered.length - 1 ? 0 : gap + moreWidth;
    if (x + width + reserved > right && x > left) {
      if (!unfolded) break;
      [x, line] = [left, line + 1];
    }
    chips.push({ ...path, rect: { x, y: y0 + line * pathLine, width, height } });
    x += width + gap;
  }
  const hidden = ordered.length - chips.length;
  const more = hidden > 0 || (unfolded && line > 0) ? { rect: { x: Math.min(x, right - moreWidth), y: y0 + line * pathLine + 4, width: moreWidth, height: 22 }, count: hidden, folds: hidden === 0 } : null;
  return { chips, more, lines: paths.length === 0 ? 0 : line + 1 };
}
