// npm run podhop -- trace …: the command line from a checkout, built first where it must be.
import './require-node.mjs';
import { ensureBuilt } from './build.mjs';

// standard output belongs to the command
await ensureBuilt(console.error);
// by URL, so that the build is no part of what is type-checked
await import(new URL('../dist/cli/podhop.mjs', import.meta.url).href);
