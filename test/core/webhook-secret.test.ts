import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webhookKeyBase64 } from '../../src/core/webhook-secret.ts';
import '../seed.ts';

describe('webhookKeyBase64', () => {
  it('takes exactly what has 24 to 64 bytes', () => {
    for (let bytes = 0; bytes <= 100; bytes++) {
      const base64 = randomBytes(bytes).toString('base64');
      const expected = bytes >= 24 && bytes <= 64 ? base64 : null;
      expect(webhookKeyBase64(`whsec_${base64}`)).toBe(expected);
      expect(webhookKeyBase64(base64)).toBeNull();
    }
  });

  it('takes no text that Node would read as another key', () => {
    const text = fc.string({ unit: fc.constantFrom(...'AQgw+/=- _\n'), minLength: 30, maxLength: 100 });
    fc.assert(
      fc.property(text, (base64) => {
        const key = webhookKeyBase64(`whsec_${base64}`);
        const bytes = Buffer.from(base64, 'base64');
        expect(key === null || (key === base64 && bytes.length >= 24 && bytes.length <= 64)).toBe(true);
      }),
    );
  });
});
