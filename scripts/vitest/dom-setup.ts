// What jsdom lacks and React Flow and CodeMirror measure with; without these they draw nothing.
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

const boxSize = { width: 120, height: 40 };

const observer = (observe: (target: Element) => void) => ({ observe, unobserve: () => {}, disconnect: () => {} });

function createResizeObserver(callback: ResizeObserverCallback): ResizeObserver {
  const self: ResizeObserver = observer((target) => callback([{ target } as ResizeObserverEntry], self));
  return self;
}

function createMatrix(transform = ''): { readonly m22: number } {
  const scale = /scale\(([\d.]+)\)/.exec(transform)?.[1];
  return { m22: scale === undefined ? 1 : Number(scale) };
}

/** A function that can be called with `new` and gives what `create` gives. */
function constructorOf<Args extends unknown[], Made extends object>(create: (...args: Args) => Made): unknown {
  return function construct(...args: Args) {
    return create(...args);
  };
}

globalThis.ResizeObserver = constructorOf(createResizeObserver) as typeof ResizeObserver;
globalThis.DOMMatrixReadOnly = constructorOf(createMatrix) as typeof DOMMatrixReadOnly;
Object.defineProperties(HTMLElement.prototype, {
  offsetWidth: { get: () => boxSize.width },
  offsetHeight: { get: () => boxSize.height },
});
if (!('getClientRects' in Range.prototype)) Object.assign(Range.prototype, { getClientRects: () => [] });

// a hang guard, ten times what is usual: the engine answers in milliseconds, but every core may be at work
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
