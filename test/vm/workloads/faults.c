/* faults N: touches N fresh pages, each once. */
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	long pages = atol(argv[argc - 1]), size = 4096;
	char *memory = mmap(NULL, pages * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return 1;
	/* No huge page may serve many of them at once. */
	madvise(memory, pages * size, MADV_NOHUGEPAGE);
	for (long i = 0; i < pages; i++)
		memory[i * size] = 1;
	return 0;
}
