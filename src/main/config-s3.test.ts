import { expect, test } from 'vitest';
import { examineConfig } from './config.ts';

const S3 = {
  S3_ENDPOINT: 'https://s3.example/',
  S3_BUCKET: 'pictures',
  S3_ACCESS_KEY: 'us',
  S3_SECRET_KEY: 'hunter2',
};

test('pictures are kept in a bucket when all of its access is given', () => {
  expect(examineConfig({}, []).config.s3).toBeNull();
  const wanted = { endpoint: 'https://s3.example', bucket: 'pictures', accessKey: 'us', secretKey: 'hunter2' };
  expect(examineConfig(S3, []).config.s3).toEqual({ ...wanted, region: 'us-east-1' });
  expect(examineConfig({ ...S3, S3_REGION: 'eu-1' }, []).config.s3).toEqual({ ...wanted, region: 'eu-1' });
});

test.each(Object.keys(S3))('a part of the access is a fault that names what is missing: %s', (name) => {
  const { faults } = examineConfig({ ...S3, [name]: '' }, []);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`${name} is missing`);
});

test.each(['Pictures', 'a', 'a/b', '..'])('%j is no bucket', (name) => {
  expect(examineConfig({ ...S3, S3_BUCKET: name }, []).faults).toHaveLength(1);
});
