import { SourceMap, type SourceMapPayload } from 'node:module';
import { gzipSync } from 'node:zlib';

/** Of our packages, as source maps name their files. */
const OWN = /plugins\/modelpier/;
const isOwn = (source: string | undefined): boolean => source !== undefined && OWN.test(source);

/** How much of the scripts and styles of a page is our own, as it goes over the network. */
export async function ownCodeBytes(urls: readonly string[]): Promise<number> {
  const parts: string[] = [];
  for (const url of urls) parts.push(await ownText(url));
  return gzipSync(parts.join('\n')).byteLength;
}

/** A file that has no map, or none of our sources in it, is not ours. */
async function ownText(url: string): Promise<string> {
  const answer = await fetch(`${url}.map`);
  if (!answer.ok) return '';
  const map = (await answer.json()) as SourceMapPayload;
  if (!map.sources.some(isOwn)) return '';
  const text = await (await fetch(url)).text();
  return map.sources.every(isOwn) ? text : ownPartOf(text, map);
}

/** What of a bundle comes from our sources, sign by sign: minified lines are as long as the file. */
function ownPartOf(text: string, payload: SourceMapPayload): string {
  const map = new SourceMap(payload);
  return text
    .split('\n')
    .map((line, row) =>
      Array.from({ length: line.length }, (_, column) => {
        const entry = map.findEntry(row, column);
        return 'originalSource' in entry && isOwn(entry.originalSource) ? line.charAt(column) : '';
      }).join(''),
    )
    .join('\n');
}
