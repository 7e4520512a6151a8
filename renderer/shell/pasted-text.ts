const fenced = /```[^\n]*\n([\s\S]*?)```/g;
const fence = /^\s*```/m;

/** The manifests in pasted text: what stands between Markdown fences where there are any, else the text as it is (reliability row 43). */
export function pastedText(text: string): string {
  if (!fence.test(text)) return text;
  const parts = [...text.matchAll(fenced)].map((match) => match[1] ?? '');
  return parts.length === 0 ? text.replace(/^\s*```.*$/gm, '') : parts.join('---\n');
}
