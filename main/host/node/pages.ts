/** The two pages the host itself writes. No script, no data, both languages of the desk. */

const page = (title: string, lines: readonly string[]): string =>
  `<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n${lines
    .map((line) => `<p>${line}</p>`)
    .join('\n')}\n</body>\n</html>\n`;

/** For a browser whose session is gone: the station was restarted, the cookie was cleared, or the address was used before. */
export const lostSessionPage = page('Packbench', [
  '本浏览器没有打开工作台的权限，或权限已失效。请在启动工作台的窗口中，重新打开其打印的地址；每个地址只能使用一次。',
  'This browser is not signed in to the station, or no longer is. Open the address again that the station printed ' +
    'where it was started; each address works once.',
]);

/** For a checkout whose screen has not been built. */
export const noScreenPage = page('Packbench', [
  '工作台正在运行，但界面文件不存在。请运行 npm run build 后重新打开。',
  'The station is running, but the files of its screen are missing. Run npm run build, then open this address again.',
]);
