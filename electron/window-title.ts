/** The window's title: the document first, then the app; a dot marks unsaved changes where the desktop has no mark of its own (reliability I8). */
export function windowTitle({ title, edited }: { readonly title: string; readonly edited: boolean }, platform: NodeJS.Platform): string {
  const mark = edited && platform !== 'darwin' ? '• ' : '';
  return `${mark}${title === '' ? 'Podhop' : `${title} – Podhop`}`;
}
