import { describeKernel } from '../describe-kernel.ts';

describeKernel('arm64-6.12', 'smoke');
