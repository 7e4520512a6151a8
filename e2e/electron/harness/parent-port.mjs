// Loaded before the engine in its forked process: `process.parentPort` as Electron's utility process has it, over Node's own channel.
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
// what is sent before the engine listens waits in the channel, as it does in Electron
port.once('newListener', () => process.on('message', (data) => port.emit('message', { data, ports: [] })));
Object.assign(port, { postMessage: (/** @type {unknown} */ message) => process.send?.(message) });
Object.defineProperty(process, 'parentPort', { value: port });
