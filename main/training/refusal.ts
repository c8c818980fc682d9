import type { z } from 'zod';

/** The first problem zod found, as `field: what is wrong`. */
export function describeRefusal(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'not valid';
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.join(', ')}`;
  return `${issue.path.length > 0 ? issue.path.join('.') : 'body'}: ${issue.message}`;
}
