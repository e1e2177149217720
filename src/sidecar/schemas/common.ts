import { z } from '@hono/zod-openapi';

/** What went wrong (RFC 9457). */
export const PROBLEM = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

export const VERDICTS = ['ALLOW', 'WARN', 'DEFER', 'ESCALATE', 'BLOCK'] as const;
export const OUTCOMES = [...VERDICTS, 'ERROR'] as const;

/** A text of a query or a path: not empty, and short enough for an index. */
export const word = (max = 1_000) => z.string().min(1).max(max);

/** An outcome in any letter case. */
export const OUTCOME = z
  .string()
  .max(20)
  .transform((text) => text.toUpperCase())
  .pipe(z.enum(OUTCOMES))
  .openapi({ type: 'string', enum: [...OUTCOMES] });

/** A time, as ISO 8601. */
export const TIME = z.iso.datetime({ offset: true });

/** How many are wanted: a whole number, at most `most`. */
export const limitOf = (most: number, otherwise: number) =>
  z.coerce.number().int().min(1).max(most).default(otherwise);

/** Counts by outcome. */
export const BY_OUTCOME = z
  .record(z.string(), z.number().int())
  .openapi({ example: { ALLOW: 12, BLOCK: 1 } });

/** One id in a path. */
export const ID = z.object({ id: word(200).openapi({ param: { name: 'id', in: 'path' } }) });

/** `true` or `false` in a body, or in a query as text. */
export const FLAG = z.boolean().default(false);
