// Contrastcheck decides what is true of contrastive learning on Gaussian
// mixtures: it minimises the loss of a mixture to high precision and says, with
// a certificate, whether the optimal representation spans the Fisher subspace.
//
//	contrastcheck solve mixture.json
//	contrastcheck solve --data testdata/iris.csv --label species
//	contrastcheck loss mixture.json
//	contrastcheck report --out report --quick
package main

import (
	"os"

	"contrastcheck/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
