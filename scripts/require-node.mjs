// Imported first by every command: an old Node gets one sentence before anything else can fail.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Podhop needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
