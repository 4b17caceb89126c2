import { isMetadataHost } from './metadata-host';

it.each([
  'https://169.254.169.254/latest/meta-data/',
  'https://169.254.170.2/v2/credentials',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://[::ffff:169.254.169.254]/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  'https://100.100.100.200/',
  'https://METADATA.google.internal/',
  'https://metadata.google.internal./',
])('knows %s', address => {
  expect(isMetadataHost(new URL(address))).toBe(true);
});

it.each([
  'https://ghcr.io/',
  'https://10.0.0.1/',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://169.254.example.com/',
  'https://metadata.google.internal.example.com/',
])('takes %s for another', address => {
  expect(isMetadataHost(new URL(address))).toBe(false);
});
