import { WEBHOOK_SECRET, webhookKeyBase64 } from '../core/webhook-secret.ts';
import { webhookUrlProblem } from '../policy/webhook-url.ts';
import type { Zod } from './lazy.ts';
import type { SchemaValues } from './schema-values.ts';
import type { ApprovalWebhook } from './settings.ts';

/** Where messages are sent to. They are signed: a URL alone is not enough. */
export function webhookSection(v: SchemaValues, { z }: Zod) {
  const url = 'a URL that begins with `https://`';
  const shape = {
    url: z.string({ error: url }).regex(/^https?:\/\/\S+$/i, { error: url }),
    secret: v.text(WEBHOOK_SECRET),
    allow_private: v.flag().optional(),
  };
  return v
    .object(shape, '`{url, secret, allow_private}` or null')
    .superRefine((written, { addIssue }) => {
      const wrong = webhookUrlProblem(written.url, written.allow_private === true);
      const params = { isSecret: true };
      if (wrong !== undefined) addIssue({ code: 'custom', path: ['url'], message: wrong, params });
      if (webhookKeyBase64(written.secret) !== null) return;
      addIssue({ code: 'custom', path: ['secret'], message: WEBHOOK_SECRET, params });
    })
    .transform((written): ApprovalWebhook => {
      return { url: written.url, secret: written.secret, allowPrivate: written.allow_private === true };
    });
}
