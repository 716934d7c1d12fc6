/* lseek N: opens itself, seeks to 1000 N times (each gives 1000), and prints `done`. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1;
	int fd = open(argv[0], O_RDONLY);

	for (int i = 0; i < count; i++)
		if (lseek(fd, 1000, SEEK_SET) != 1000)
			return 1;
	puts("done");
	return 0;
}
