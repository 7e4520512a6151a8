import { fileLimits, type NamedFile } from './read-files.ts';

const readEntries = (reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> =>
  new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));

const fileOf = (entry: FileSystemFileEntry): Promise<File | null> => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

async function walk(entry: FileSystemEntry, path: string, depth: number, into: NamedFile[]): Promise<void> {
  // one more than the limit, so that readFiles can say that some were left out
  if (depth > fileLimits.depth || into.length > fileLimits.files) return;
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry);
    if (file !== null) into.push({ name: path, file });
    return;
  }
  if (entry.name === 'node_modules' || entry.name === '.git') return;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // a reader answers in batches until an empty one
  for (let batch = await readEntries(reader); batch.length > 0; batch = await readEntries(reader)) {
    for (const child of batch) await walk(child, `${path}/${child.name}`, depth + 1, into);
  }
}

/** Every file of a drop, folders walked. Must be called inside the drop event: its items are empty afterwards. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly NamedFile[]> {
  const entries = [...transfer.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null)).filter((entry) => entry !== null);
  const plain = [...transfer.files];
  if (entries.length === 0) return plain.map((file) => ({ name: file.name, file }));
  const files: NamedFile[] = [];
  for (const entry of entries) await walk(entry, entry.name, 0, files);
  return files;
}
