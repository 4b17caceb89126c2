/** How a registry wants to be asked (RFC 9110, 11.6.1; distribution-spec, "Authentication"). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(`^\\s*(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))\\s*`);
const SCHEME = new RegExp(`^[\\s,]*(${TOKEN})(?:\\s+|$|(?=,))`);

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
  const found: RawChallenge[] = [];
  let rest = header;
  for (;;) {
    const scheme = SCHEME.exec(rest);
    if (scheme?.[1] === undefined) return found;
    rest = rest.slice(scheme[0].length);
    const parameters = new Map<string, string>();
    for (let match = PARAMETER.exec(rest); match !== null; match = PARAMETER.exec(rest)) {
      parameters.set((match[1] ?? '').toLowerCase(), match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '');
      rest = rest.slice(match[0].length);
      if (!rest.startsWith(',')) break;
      const next = rest.replace(/^[\s,]+/, '');
      // After the comma stands another parameter or, without "=", the next scheme.
      if (!PARAMETER.test(next)) break;
      rest = next;
    }
    found.push({ scheme: scheme[1].toLowerCase(), parameters });
  }
}
