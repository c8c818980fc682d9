import { describe, expect, test } from 'vitest';
import { readProof } from './proof.ts';
import { settings } from './settings.ts';

const identity = { baseUrl: 'http://hge.test', apiKey: 'k', apiSecret: 's-e-c' };
const { fields } = settings.parse(identity).assumed;
const read = (data: unknown, names = fields) => readProof({ kind: 'done', result: data }, names);

const png = Buffer.from('\x89PNG\r\n\x1a\n........', 'latin1').toString('base64');
const jpeg = Buffer.from('\xff\xd8\xff\xe0....JFIF', 'latin1').toString('base64');
const address = 'https://pod.example/a/1.JPEG?sig=x';

describe('a proof', () => {
  test('is found under the names we look for, in an object, a list, or by itself', () => {
    const byAddress = [{ url: address, base64: null, postfix: 'jpg' }];
    for (const data of [
      { pod: address, signed_by: '' },
      { pod: { url: address } },
      { pod: { images: [address, address] } },
      [{ image_url: address }],
      address,
    ]) {
      expect(read(data)).toEqual({ kind: 'done', result: { images: byAddress, signedBy: '' } });
    }
  });

  test('holds what its bytes say, whatever the file is called, and who signed', () => {
    expect(read({ pod: { signed_by: ' A. Lee ', pictures: [{ url: address, base64: png }] } })).toEqual({
      kind: 'done',
      result: { images: [{ url: address, base64: png, postfix: 'png' }], signedBy: 'A. Lee' },
    });
    expect(read({ photos: [`data:image/png;base64,${jpeg}`, png] })).toMatchObject({
      result: {
        images: [
          { base64: jpeg, postfix: 'jpg' },
          { base64: png, postfix: 'png' },
        ],
      },
    });
  });

  test('is looked for where the profile says', () => {
    const own = settings.parse({ ...identity, assumed: { fields: { proofImage: '签收图', proofSigner: '签收人' } } });
    expect(read({ pod: 'ignored', 签收图: address, 签收人: '张三' }, own.assumed.fields)).toMatchObject({
      result: { images: [{ url: address }], signedBy: '张三' },
    });
  });

  test('of a link without a file ending has no ending', () => {
    expect(read({ url: 'https://pod.example/view?id=3' })).toMatchObject({ result: { images: [{ postfix: '' }] } });
  });

  test('of many pictures is cut at twenty', () => {
    const many = Array.from({ length: 50 }, (_unused, index) => `https://pod.example/${index}.png`);
    const outcome = read({ pod: many });
    expect(outcome.kind === 'done' ? outcome.result?.images : []).toHaveLength(20);
  });
});

describe('no proof', () => {
  test.each([[null], [{}], [{ pod: null }], [{ pod: '' }], [{ pod: { signed_by: 'A. Lee' } }], [[]], [5]])(
    'in %j: there is none yet',
    (data) => {
      expect(read(data)).toEqual({ kind: 'done', result: null });
    },
  );

  test('if the vendor knows no such order', () => {
    const outcome = { kind: 'rejected', code: '400', message: '订单不存在' } as const;
    expect(readProof(outcome, fields)).toEqual({ kind: 'done', result: null });
  });

  test('and a failure stays what it is', () => {
    const outcome = { kind: 'unknown', code: '500', message: 'x' } as const;
    expect(readProof(outcome, fields)).toBe(outcome);
  });

  test.each([
    ['javascript://pod.example/1.png', 'http or https'],
    ['ftp://pod.example/1.png', 'http or https'],
    ['https://user:secret@pod.example/1.png', 'password'],
    ['https://pod.example/1.pdf', '.pdf'],
    [`https://pod.example/${'a'.repeat(2_000)}.png`, 'characters'],
    ['not yet', 'neither base64'],
    [Buffer.from('<html>no picture</html>').toString('base64'), 'first bytes'],
    ['A'.repeat(8 * 1024 * 1024), 'larger than'],
  ])('%.40s is not passed on', (text, reason) => {
    const outcome = read({ pod: text });
    expect(outcome).toMatchObject({ kind: 'unknown', code: 'pod-unreadable' });
    expect(outcome.kind === 'unknown' ? outcome.message : '').toContain(reason);
    expect(read({ pod: [text, address] })).toMatchObject({ result: { images: [{ url: address }] } });
  });
});
