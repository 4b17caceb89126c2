import { Refused } from '../refused';
import type { Change, Store } from '../store';
import { inVersion } from '../writer';
import type { Exchange } from './exchange';
import { matcherOf } from './list';
import type { Target } from './route';

/** The real server's least; clients may ask for less or more. */
const DEFAULT_SECONDS = 1_800;
const BOOKMARK_MS = 1_000;

export interface WatchRegistry {
  /** Adds a way to cut the watch; the answer takes it out again. */
  add(cut: () => void): () => void;
}

/** Changes as JSON lines, from a version on or, without one, from what is there. */
export function watchObjects(
  store: Store,
  exchange: Exchange,
  target: Target,
  registry: WatchRegistry,
): void {
  const { response, query } = exchange;
  const matches = matcherOf(query);
  const from = query.get('resourceVersion') ?? '';
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();

  const write = (type: string, object: unknown): void =>
    void response.write(`${JSON.stringify({ type, object })}\n`);
  const tell = (change: Change): void => {
    if (change.resource !== target.resource || !isInside(change, target)) return;
    const type = typeSeen(change, matches);
    if (type !== undefined) write(type, inVersion(target.resource, change.object, target.version));
  };
  const bookmark = (): void =>
    write('BOOKMARK', {
      kind: target.resource.kind,
      apiVersion: target.apiVersion,
      metadata: { resourceVersion: String(store.resourceVersion), creationTimestamp: null },
    });

  let told = store.resourceVersion;
  try {
    if (from === '' || from === '0') {
      for (const object of store.list(target.resource, target.namespace).filter(matches)) {
        write('ADDED', inVersion(target.resource, object, target.version));
      }
    } else for (const change of store.changesSince(Number(from))) tell(change);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    write('ERROR', error.toStatus());
    response.end();
    return;
  }
  const off = store.onChange(change => {
    // Changes that were written before the watch began reach it as history, not a second time.
    if (change.resourceVersion <= told) return;
    told = change.resourceVersion;
    tell(change);
  });
  const wantsBookmarks = query.get('allowWatchBookmarks') === 'true';
  const bookmarks = wantsBookmarks ? setInterval(bookmark, BOOKMARK_MS) : undefined;
  const end = setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? DEFAULT_SECONDS) * 1000);
  const forget = registry.add(() => response.destroy());
  response.on('close', () => {
    off();
    forget();
    clearInterval(bookmarks);
    clearTimeout(end);
  });
}

const isInside = ({ object }: Change, { namespace }: Target): boolean =>
  namespace === undefined || object.metadata.namespace === namespace;

/** An object that a change makes match a selector is new to the watcher, and the other way round. */
function typeSeen(
  { type, object, before }: Change,
  matches: ReturnType<typeof matcherOf>,
): Change['type'] | undefined {
  const isIn = type !== 'DELETED' && matches(object);
  const wasIn = before !== undefined && matches(before);
  if (isIn) return wasIn ? 'MODIFIED' : 'ADDED';
  return wasIn ? 'DELETED' : undefined;
}
