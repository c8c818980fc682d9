import { expect, test } from 'vitest';
import { isLocalName, isPrivateAddress } from './public-address.ts';

test.each(
  '127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 198.18.0.1 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:10.0.0.1 ::ffff:7f00:1 64:ff9b::10.0.0.1 2001:db8::1 2002:7f00:1:: nonsense'.split(
    ' ',
  ),
)('%s is not public', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each('8.8.8.8 172.15.0.1 172.32.0.1 192.167.1.1 100.63.0.1 2606:4700::1111 2400:3200::1'.split(' '))(
  '%s is public',
  (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  },
);

test('names of this machine and network are known', () => {
  expect(['localhost', 'a.localhost', 'printer', 'nas.local', 'metadata.google.internal.'].every(isLocalName)).toBe(
    true,
  );
  expect(['labels.hge.com', 'local.example.com', 'oss-cn-hangzhou.aliyuncs.com'].some(isLocalName)).toBe(false);
});
