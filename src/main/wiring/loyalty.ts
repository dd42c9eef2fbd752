import { createLoyaltyModule, type LoyaltyModule } from '../../modules/loyalty/module.ts';
import type { Wiring } from './tools.ts';

export const wireLoyalty = ({ tools }: Wiring): LoyaltyModule => createLoyaltyModule(tools);
