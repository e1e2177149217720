import { describe, expect, it } from 'vitest';
import { webhookKeyBase64 } from '../../src/core/webhook-secret.ts';
import { signatureHeaders } from '../../src/webhook/sign.ts';

describe('signatureHeaders', () => {
  it('signs the example of the specification as it says', () => {
    const key = webhookKeyBase64('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') ?? '';
    const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: 1614265330, body: '{"test": 2432232314}' };
    expect(signatureHeaders(key, signed)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});
