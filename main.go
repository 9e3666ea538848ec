// Contrastcheck decides what is true of contrastive learning on Gaussian
// mixtures: it minimises the loss of a mixture to high precision and says, with
// a certificate, whether the optimal representation spans the Fisher subspace.
//
//	contrastcheck solve mixture.json
//	contrastcheck solve --data testdata/iris.csv --label species
//	contrastcheck loss mixture.json
//	contrastcheck report --out report --quick
package main

// What is generated: first that which the rest is made of.
//
//go:generate go test ./tables -run TestIrisInEveryFormat -update
//go:generate go test ./generators ./theorems -run Golden|StoredCertificates -update
//go:generate go test ./oracle/proof -run TestLossesAreProved -update
//go:generate go test ./reports/... ./internal/soundness -run Golden -update
//go:generate go test ./explore -run Golden -update
//go:generate go run . report --quick --out docs/sample-report

import (
	"os"

	"contrastcheck/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
