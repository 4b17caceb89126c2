import { StringDecoder } from 'node:string_decoder';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** etcd takes objects of 1.5 MiB; a line holds one of them. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** The lines of a stream of bytes, without their ends; a last line that was cut off is dropped. */
export async function* readLines(chunks: AsyncIterable<Buffer>, act: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = '', ...rest] = decoder.write(chunk).split('\n');
    parts.push(first);
    length += first.length;
    if (length > LONGEST_LINE)
      throw new ModelpierError('too-large', `${act}: one event exceeds ${LONGEST_LINE} bytes`);
    for (const next of rest) {
      yield parts.join('');
      parts = [next];
      length = next.length;
    }
  }
}
