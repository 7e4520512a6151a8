// node scripts/serve-web.mjs [--port N]: serves the built app to this machine's browser until Ctrl-C, and prints its URL.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createWebServer, listenOnLoopback, readApp } from './web-server.mjs';
import { openInBrowser } from './open-browser.mjs';

const firstPort = 4646;
const { values } = parseArgs({ options: { port: { type: 'string' }, open: { type: 'boolean', default: false } } });
const wanted = values.port === undefined ? firstPort : Number(values.port);
if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
  console.error(`serve-web: ${values.port} is not a port`);
  process.exit(2);
}

const server = createWebServer(readApp(fileURLToPath(new URL('../dist', import.meta.url))));
const port = await listenOnLoopback(server, wanted);
const url = `http://127.0.0.1:${port}/`;
if (port !== wanted && wanted !== 0) console.log(`Port ${wanted} is taken; using ${port}. What you save in the browser stays with the port.`);
console.log(`Podhop is at ${url} (Ctrl-C ends it)`);
if (values.open) openInBrowser(url);

const end = () => {
  server.close();
  server.closeAllConnections();
};
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, end);
