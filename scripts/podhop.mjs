// npm run podhop -- trace …: the command line from a checkout, built first where it must be.
import './require-node.mjs';
import { ensureBuilt } from './build.mjs';

// standard output belongs to the command
await ensureBuilt(console.error);
// @ts-ignore: exists once it is built
await import('../dist/cli/podhop.mjs');
