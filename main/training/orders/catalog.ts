/** The goods, people and places training orders are made of. All invented. */

export interface Product {
  readonly code: string;
  readonly name: string;
  readonly englishName: string;
  /** Retail barcode of the base unit (EAN-13), with its check digit. */
  readonly barcode: string;
  readonly baseUnit: string;
  /** Unit for several base units, if it is sold so. */
  readonly pack: { readonly unit: string; readonly count: number; readonly barcode: string } | null;
  /** True mass of one base unit with its wrapping, grams. */
  readonly weightG: number;
  /** Price of one base unit, yuan. */
  readonly price: string;
}

/** Appends the check digit of GTIN (GS1 General Specifications, section 7.9). */
export function withCheckDigit(digits: string): string {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const rows: readonly (readonly [
  code: string,
  name: string,
  englishName: string,
  unit: string,
  weightG: number,
  price: string,
  pack?: readonly [unit: string, count: number],
])[] = [
  ['TEA-LJ-250', '西湖龙井 明前特级 250g', 'Longjing green tea 250g', '罐', 318, '168.00', ['箱', 12]],
  ['TEA-TGY-125', '安溪铁观音 清香型 125g', 'Tieguanyin oolong 125g', '盒', 171, '59.00', ['提', 4]],
  ['OIL-OLV-500', '特级初榨橄榄油 500ml', 'Extra virgin olive oil 500ml', '瓶', 842, '76.50', ['箱', 6]],
  ['NUT-WAL-300', '每日坚果 混合装 300g', 'Mixed nuts 300g', '袋', 322, '39.90', ['箱', 10]],
  ['SAU-SOY-160', '古法酱油 旅行装 160ml', 'Soy sauce, travel size 160ml', '瓶', 205, '12.80', ['箱', 24]],
  ['NDL-RIC-400', '桂林米粉 干制 400g', 'Dried rice noodles 400g', '袋', 412, '9.90', ['箱', 20]],
  ['SPC-CHL-80', '贵州辣椒面 80g', 'Ground chilli 80g', '袋', 86, '8.50', ['扎', 10]],
  ['COF-INS-100', '冻干速溶咖啡 100g', 'Freeze-dried instant coffee 100g', '瓶', 268, '45.00', ['箱', 12]],
  ['BIS-OAT-200', '燕麦饼干 无蔗糖 200g', 'Oat biscuits, no sugar 200g', '盒', 236, '18.90', ['箱', 16]],
  ['SOA-HND-90', '手工皂 桂花 90g', 'Handmade soap, osmanthus 90g', '块', 97, '15.00', ['盒', 6]],
  ['TWL-BAM-1', '竹纤维毛巾 34x74cm', 'Bamboo fibre towel 34x74cm', '条', 118, '22.00', ['包', 5]],
  ['CUP-GLS-350', '双层玻璃杯 350ml', 'Double-wall glass 350ml', '个', 287, '49.00'],
  ['PEN-GEL-10', '中性笔 0.5mm 黑色', 'Gel pen 0.5mm black', '支', 12, '2.50', ['盒', 12]],
  ['CBL-USBC-1', 'USB-C 数据线 1m', 'USB-C cable 1m', '条', 34, '19.90'],
  ['LMP-DSK-1', '折叠台灯 充电款', 'Folding desk lamp, rechargeable', '台', 462, '89.00'],
  ['TOY-PND-20', '毛绒熊猫 20cm', 'Plush panda 20cm', '只', 143, '35.00'],
  ['MSK-SLK-1', '真丝眼罩', 'Silk eye mask', '个', 41, '58.00'],
  ['HON-ACA-500', '洋槐蜂蜜 500g', 'Acacia honey 500g', '瓶', 731, '52.00', ['箱', 6]],
];

export const catalog: readonly Product[] = rows.map(
  ([code, name, englishName, baseUnit, weightG, price, pack], index) => ({
    code,
    name,
    englishName,
    barcode: withCheckDigit(`69012345${String(1_000 + index * 7)}`),
    baseUnit,
    pack: pack
      ? { unit: pack[0], count: pack[1], barcode: withCheckDigit(`169012345${String(1_000 + index * 7)}`) }
      : null,
    weightG,
    price,
  }),
);

/** Given away with an order; never sold. */
export const gift: Product = {
  code: 'GFT-STK-01',
  name: '赠品 品牌贴纸',
  englishName: 'Gift: brand stickers',
  barcode: withCheckDigit('690123459990'),
  baseUnit: '份',
  pack: null,
  weightG: 9,
  price: '0.00',
};

/** The longest product name the vendor's document allows: VARCHAR(100). */
export const longNamed: Product = {
  code: 'SET-FEST-LONG',
  englishName: 'Limited New Year pastry gift box',
  name: '【限量】岁末礼遇 江南四时点心礼盒(桂花糕·绿豆糕·云片糕·芝麻酥·松子糖·定胜糕)附手写贺卡与定制礼袋 2026 新春版 请勿倒置 避光冷藏 ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.slice(
    0,
    100,
  ),
  barcode: withCheckDigit('690123458880'),
  baseUnit: '盒',
  pack: null,
  weightG: 1_184,
  price: '199.00',
};

/** Sold by weight: the ordered number has a fraction. */
export const byWeight: Product = {
  code: 'FRT-DATE-KG',
  name: '新疆灰枣 散称',
  englishName: 'Xinjiang dates, by weight',
  barcode: withCheckDigit('690123457770'),
  baseUnit: '公斤',
  pack: null,
  weightG: 1_010,
  price: '36.00',
};

export interface Person {
  readonly customer: string;
  readonly name: string;
  readonly phone: string;
  readonly country: string;
  readonly state: string;
  readonly city: string;
  readonly postcode: string;
  readonly street: string;
}

/** Receivers in China: upstream keeps the whole address as one text. */
export const domestic: readonly Person[] = [
  ['南京苏果超市 云龙山路店', '李四', '18254623212', '江苏省南京市建邺区云龙山路66号'],
  ['杭州西溪便利', '王小丫', '13758110023', '浙江省杭州市西湖区文三路 259 号昌地火炬大厦 1 幢 1104 室'],
  ['上海徐汇食品经营部', '欧阳明', '13917760088', '上海市徐汇区漕溪北路88号圣爱大厦B座17楼'],
  ['成都锦里小卖部', '张伟', '18080011223', '四川省成都市武侯区武侯祠大街231号附1号'],
  ['哈尔滨中央大街旗舰店', '赵敏', '15045001199', '黑龙江省哈尔滨市道里区中央大街 57 号'],
  [
    '深圳南山批发商行',
    '陈嘉豪',
    '13688990011',
    '广东省深圳市南山区科技园南区高新南七道 12 号惠恒集团大楼二期 8 楼前台转陈先生收',
  ],
].map(([customer = '', name = '', phone = '', street = '']) => ({
  customer,
  name,
  phone,
  country: '',
  state: '',
  city: '',
  postcode: '',
  street,
}));

/** Receivers abroad: street in the address, the rest in custom fields. */
export const foreign: readonly Person[] = [
  ['Roken Chan', '+1 401-311-2522', 'US', 'CA', 'Los Angeles', '90012', '1200 N Harbor Blvd Apt 4B'],
  ['Emily Carter', '+1 206-555-0142', 'US', 'WA', 'Seattle', '98109', '410 Terry Ave N'],
  ['Marcus J. O’Neil', '+1 512-555-0199', 'US', 'TX', 'Austin', '78701', '98 San Jacinto Blvd, Suite 1400'],
  ['María Hernández', '+1 305-555-0117', 'US', 'FL', 'Miami', '33131', '701 Brickell Ave'],
  ['Dwayne Thompson-Okafor', '+1 718-555-0163', 'US', 'NY', 'Brooklyn', '11201', '25 Jay St # 3F'],
  ['Lin Wu 吴琳', '+1 415-555-0134', 'US', 'CA', 'San Francisco', '94103', '1455 Market Street'],
  ['Charlotte Nguyen', '+61 2 5550 1234', 'AU', 'NSW', 'Sydney', '2000', '88 Phillip St, Level 12'],
  ['Jack Thompson', '+61 3 5550 8890', 'AU', 'VIC', 'Melbourne', '3000', 'Unit 7, 120 Collins St'],
  ['Jürgen Groß', '+49 30 55501234', 'DE', 'BE', 'Berlin', '10117', 'Friedrichstraße 123'],
  ['Anneliese Müller-Lüdenscheidt', '+49 89 55509876', 'DE', 'BY', 'München', '80331', 'Marienplatz 8, 2. OG'],
  ['Haruka Sato', '+81 3-5550-1234', 'JP', 'Tokyo', 'Shibuya-ku', '150-0002', '2-21-1 Shibuya, Room 1203'],
  ['Kenji Yamamoto', '+81 6-5550-4321', 'JP', 'Osaka', 'Osaka-shi', '530-0001', '3-1-3 Umeda, Kita-ku'],
].map(([name = '', phone = '', country = '', state = '', city = '', postcode = '', street = '']) => ({
  customer: `海外商城 ${country}`,
  name,
  phone,
  country,
  state,
  city,
  postcode,
  street,
}));

export const remarks: readonly string[] = [
  '',
  '',
  '',
  '请尽快送货',
  '工作日 9:00-18:00 送',
  '轻拿轻放,易碎',
  'Please leave at the front desk',
];

/** Characters that break careless software: emoji with joiners, right-to-left marks, quotes, tabs, a lone tilde. */
export const oddRemark = '生日礼物🎁👩‍👩‍👧 请附贺卡:“Happy Birthday, Zoë!” \u200f שלום\t~ ^XA </b> \u{20BB7}野家';
