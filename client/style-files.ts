import { createHash } from 'node:crypto';
import type { Plugin, Rolldown } from 'vite';

const STYLE = /\.css(?:$|\?)/;

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

/**
 * Makes three files of all styles, for after Vite has made one for each file of scripts: what a phone shows first, which all pages have, what its later
 * parts and the small pages have beside that, and what only management has. A request costs more than a few styles that are not needed, but
 * those of a phone's first picture hold it up.
 */
export function styleFiles(): Plugin {
  const sources = new Map<string, string>();
  return {
    name: 'style-files',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (STYLE.test(id)) sources.set(id, code);
    },
    // Scripts that load others name the styles of these. A browser keeps a file for as long as its name is the same, and it is named before the styles are.
    augmentChunkHash({ dynamicImports }) {
      if (dynamicImports.length === 0) return;
      const inOrder = [...sources].sort(([a], [b]) => (a < b ? -1 : 1));
      return createHash('sha256')
        .update(JSON.stringify(inOrder.map(([, code]) => code)))
        .digest('hex');
    },
    generateBundle: {
      order: 'pre',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const groups = groupsOf(bundle, chunks);
        const files = new Map<string, string>();
        for (const [name, group] of groups) {
          const styles = new Set(group.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]));
          const source = [...styles].map((file) => sourceOf(bundle, file)).join('');
          if (source === '') continue;
          const file = this.getFileName(this.emitFile({ type: 'asset', name: `${name}.css`, source }));
          for (const style of styles) files.set(style, file);
        }
        for (const { viteMetadata } of chunks) {
          const mine = [...(viteMetadata?.importedCss ?? [])].map((style) => files.get(style) ?? style);
          viteMetadata?.importedCss.clear();
          for (const file of mine) viteMetadata?.importedCss.add(file);
        }
        // One that is alone in its group is the file of the group itself.
        const made = new Set(files.values());
        for (const style of files.keys()) if (!made.has(style)) Reflect.deleteProperty(bundle, style);
      },
    },
  };
}

/** Each chunk with the first that needs it. */
function groupsOf(bundle: Bundle, chunks: readonly Chunk[]): ReadonlyMap<string, readonly Chunk[]> {
  const reached = (from: readonly string[], into: (chunk: Chunk) => readonly string[]): Set<string> => {
    const found = new Set<string>();
    const visit = (name: string): void => {
      const chunk = fileOf(bundle, name);
      if (found.has(name) || chunk?.type !== 'chunk') return;
      found.add(name);
      into(chunk).forEach(visit);
    };
    from.forEach(visit);
    return found;
  };
  const entries = chunks.filter(({ isEntry }) => isEntry);
  const page = ({ facadeModuleId }: Chunk): string => facadeModuleId?.split('/').at(-1) ?? '';
  const phone = entries.filter((entry) => page(entry) === 'terminal.html');
  // The script of the page imports what the page is made of.
  const first = reached(
    phone.flatMap(({ fileName, dynamicImports }) => [fileName, ...dynamicImports]),
    ({ imports }) => imports,
  );
  const others = entries.filter((entry) => page(entry) !== 'admin.html').map(({ fileName }) => fileName);
  const parts = reached(others, ({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  const groupOf = ({ fileName }: Chunk): string =>
    first.has(fileName) ? 'phone' : parts.has(fileName) ? 'parts' : 'management';
  const groups = new Map<string, Chunk[]>();
  for (const chunk of chunks) groups.set(groupOf(chunk), [...(groups.get(groupOf(chunk)) ?? []), chunk]);
  return groups;
}

const fileOf = (bundle: Bundle, name: string): Rolldown.OutputAsset | Chunk | undefined => bundle[name];

function sourceOf(bundle: Bundle, file: string): string {
  const style = fileOf(bundle, file);
  return style?.type === 'asset' ? style.source.toString() : '';
}
