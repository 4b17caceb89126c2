/** How a registry wants to be asked (RFC 9110, 11.6.1; distribution-spec, "Authentication"). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

/** `name="value"`, `name=value`, or a word alone, which begins the next challenge. */
const ITEM =
  /[\s,]*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",=][^\s",]*))|([^\s",=]+)=*)/y;

/** The challenge we can meet, Bearer before Basic; `undefined` where there is none. */
export function parseChallenge(header: string): Challenge | undefined {
  const found = splitChallenges(header);
  const bearer = found.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'));
  if (bearer !== undefined) {
    const realm = bearer.parameters.get('realm') ?? '';
    return { scheme: 'bearer', realm, service: bearer.parameters.get('service') };
  }
  return found.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

interface RawChallenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function splitChallenges(header: string): readonly RawChallenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  const item = new RegExp(ITEM);
  for (let match = item.exec(header); match !== null; match = item.exec(header)) {
    const [, name, quoted, plain, word] = match;
    if (word !== undefined) found.push({ scheme: word.toLowerCase(), parameters: new Map() });
    else if (name !== undefined) {
      const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
      found.at(-1)?.parameters.set(name.toLowerCase(), value);
    }
  }
  return found;
}
