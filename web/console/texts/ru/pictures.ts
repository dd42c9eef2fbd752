export const pictures = {
  title: 'Фотографии',
  lead: 'Первая стоит в списке парков.',
  none: 'Фотографий нет: гости видят рисунок.',
  numbered: (number: number) => `Фотография ${number}`,
  earlier: 'Раньше',
  remove: 'Удалить',
  add: 'Добавить фотографию',
  added: 'Фотография добавлена',
  moved: 'Порядок изменён',
  removed: 'Фотография удалена',
};
