import { BlockList, isIP } from 'node:net';

/** Addresses that reach no further than the own network cable: clouds answer with a machine's credentials there. */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
/** What clouds use besides: Amazon over IPv6, Alibaba, Oracle. */
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');
LINK_LOCAL.addAddress('100.100.100.200', 'ipv4');
LINK_LOCAL.addAddress('192.0.0.192', 'ipv4');

const METADATA_NAMES: readonly string[] = ['metadata.google.internal', 'metadata.goog', 'instance-data'];

/** Whether an address is where a cloud tells a machine who it is; `URL` has written every notation of it as one. */
export function isMetadataHost({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 0) return METADATA_NAMES.includes(host.toLowerCase());
  return LINK_LOCAL.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
