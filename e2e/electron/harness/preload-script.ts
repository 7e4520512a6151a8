/** Names under which the page's world reaches the harness; the app never sees them. */
export const bindings = { send: '__recordedSend', emit: '__recordedEmit' } as const;

// Runs in the page before its own scripts, so it must stand alone: it is sent there as text.
function installPreload(names: typeof bindings, runPreload: (require: unknown, module: unknown, exports: unknown, process: unknown) => void): void {
  // a sandboxed preload runs in the top frame only
  if (window !== window.top) return;
  const send = Reflect.get(window, names.send) as (channel: string, json: string) => void;
  const listeners = new Map<string, ((event: unknown, message: unknown) => void)[]>();
  Reflect.set(window, names.emit, (channel: string, json: string) => {
    for (const listener of listeners.get(channel) ?? []) listener({ sender: ipcRenderer }, JSON.parse(json));
  });
  const ipcRenderer = {
    on: (channel: string, listener: (event: unknown, message: unknown) => void) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    removeListener: (channel: string, listener: unknown) => listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener)),
    send: (channel: string, message: unknown) => send(channel, JSON.stringify(structuredClone(message))),
  };
  // as contextBridge: functions are wrapped, plain objects copied and frozen
  const bridge = (value: unknown): unknown => {
    if (typeof value === 'function') return (...args: unknown[]) => bridge((value as (...all: unknown[]) => unknown)(...args.map(bridge)));
    if (typeof value === 'symbol') throw new Error('contextBridge: a symbol cannot cross');
    if (Array.isArray(value)) return value.map(bridge);
    if (typeof value !== 'object' || value === null) return value;
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, part]) => [key, bridge(part)])));
  };
  const contextBridge = {
    exposeInMainWorld: (key: string, value: unknown) => Object.defineProperty(window, key, { value: bridge(value), writable: false, configurable: false, enumerable: true }),
  };
  const require = (id: string): unknown => {
    if (id === 'electron') return { contextBridge, ipcRenderer };
    throw new Error(`a sandboxed preload has no module ${id}`);
  };
  const module = { exports: {} };
  runPreload(require, module, module.exports, { platform: 'linux', sandboxed: true, contextIsolated: true });
}

/** The text of an init script that runs a bundled CommonJS preload as Electron's sandbox would. */
export function preloadScript(source: string): string {
  return `(${installPreload.toString()})(${JSON.stringify(bindings)}, function (require, module, exports, process) {\n${source}\n});`;
}
