// Package tables holds labelled samples (Table), reads them exactly, and fits
// Gaussian mixtures to them: a component for each class, of the class's mean and
// frequency, and the covariance within classes, pooled and, where asked for, shrunk
// (Shrinkage). What it cannot use it refuses with a gmm.InputError.
package tables
