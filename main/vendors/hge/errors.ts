/** HGE's codes: the page 开放平台使用说明 lists five, the interface pages three of them. All others are `unknown`. */
import type { CodeTable } from '../kit/vendor.ts';

export const successCode = '200';

export const codes: CodeTable = [
  { code: successCode, class: 'done', meaning: '成功响应', evidence: 'documented' },
  // The same call was made before: its effect may well be there, so the vendor is asked instead of believed.
  { code: '301', class: 'unknown', meaning: '重复请求 (the same request was made before)', evidence: 'public' },
  { code: '400', class: 'rejected', meaning: 'badRequest', evidence: 'public' },
  { code: '401', class: 'auth', meaning: '认证失败', evidence: 'documented' },
  { code: '500', class: 'unknown', meaning: '服务器无法连接', evidence: 'documented' },
];
