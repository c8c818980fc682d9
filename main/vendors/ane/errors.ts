/**
 * ANE's codes. The document shows 1000 and 2002 and refers to a table (见码表说明) we do not have; the others are from
 * public client code. It also says that system exceptions should be sent again and business exceptions must not: which
 * further codes are which the profile can say (`codes`) once the vendor has given its table.
 */
import type { CodeRow, CodeTable } from '../kit/vendor.ts';

export const successCode = '1000';

export const codes: CodeTable = [
  { code: successCode, class: 'done', meaning: '成功', evidence: 'documented' },
  { code: '1001', class: 'rejected', meaning: '业务失败', evidence: 'public' },
  { code: '2001', class: 'auth', meaning: '客户标识未通过', evidence: 'public' },
  { code: '2002', class: 'auth', meaning: '摘要验证失败', evidence: 'documented' },
  { code: '2003', class: 'skew', meaning: '时间戳验证失败', evidence: 'public' },
  { code: '3001', class: 'rejected', meaning: 'an explicit failure; no source says of what', evidence: 'public' },
  { code: '9999', class: 'unknown', meaning: '未知', evidence: 'public' },
];

/** The table with the codes a profile adds. A code we know keeps its meaning. */
export function codesWith(own: {
  readonly business: readonly string[];
  readonly system: readonly string[];
}): CodeTable {
  const row = (code: string, kind: CodeRow['class'], meaning: string): CodeRow => ({
    code,
    class: kind,
    meaning,
    evidence: 'assumed',
  });
  return [
    ...codes,
    ...own.business.map((code) => row(code, 'rejected', 'business exception (from the profile)')),
    ...own.system.map((code) => row(code, 'transient', 'system exception (from the profile)')),
  ];
}
