import type { Amenity } from './amenity-list.ts';
import type { Language } from './language-list.ts';
import { language } from './language.ts';

const NAMES: Readonly<Record<Language, Readonly<Record<Amenity, string>>>> = {
  ru: {
    birthday_room: 'Комната для праздников',
    cafe: 'Кафе',
    climbing_wall: 'Скалодром',
    first_aid: 'Медпункт',
    lockers: 'Шкафчики',
    nursing_room: 'Комната матери и ребёнка',
    parking: 'Парковка',
    playground: 'Игровая площадка',
    prayer_room: 'Комната для намаза',
    rope_course: 'Верёвочный парк',
    slides: 'Горки',
    toddler_zone: 'Зона для малышей',
    trampolines: 'Батуты',
    wheelchair_access: 'Доступно на коляске',
    wifi: 'Wi-Fi',
  },
  ky: {
    birthday_room: 'Майрам бөлмөсү',
    cafe: 'Кафе',
    climbing_wall: 'Аскага чыгуу дубалы',
    first_aid: 'Медпункт',
    lockers: 'Шкафчалар',
    nursing_room: 'Эне жана бала бөлмөсү',
    parking: 'Унаа токтотуучу жай',
    playground: 'Оюн аянтчасы',
    prayer_room: 'Намазкана',
    rope_course: 'Аркан парк',
    slides: 'Тайгылчактар',
    toddler_zone: 'Кичинекейлер үчүн аянт',
    trampolines: 'Батуттар',
    wheelchair_access: 'Коляска менен кирсе болот',
    wifi: 'Wi-Fi',
  },
  en: {
    birthday_room: 'Birthday room',
    cafe: 'Café',
    climbing_wall: 'Climbing wall',
    first_aid: 'First aid',
    lockers: 'Lockers',
    nursing_room: 'Nursing room',
    parking: 'Parking',
    playground: 'Playground',
    prayer_room: 'Prayer room',
    rope_course: 'Rope course',
    slides: 'Slides',
    toddler_zone: 'Toddler zone',
    trampolines: 'Trampolines',
    wheelchair_access: 'Wheelchair access',
    wifi: 'Wi-Fi',
  },
};

/** What something that a park has is called. */
export const nameOfAmenity = (amenity: Amenity): string => NAMES[language.value][amenity];
