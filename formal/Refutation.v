(* A minimiser of full rank would be near M, and M is not semidefinite. *)
From Coq Require Import Reals Lra Lia Psatz.
From Contrast Require Import Plane Moderate Gaussian InfoNCE Softmax Expectation Objective Semidefinite Existence.
Open Scope R_scope.

Section refutation.
Variables (F : mixture) (e : point) (G : gaussian e).
Hypothesis HF : proper F.
Notation E := (draw F G).

Theorem refuted (M : sym) (v : point) (eps : R) :
  dot e e = 1 ->
  fst (mu1 F) * snd (mu2 F) - snd (mu1 F) * fst (mu2 F) <> 0 ->
  0 <= eps ->
  let g := gradient F e M (E (fun x => first F M x * dot e x)) (E (fun x => first F M x * dot (turn e) x)) in
  inner g g <= eps * eps ->
  form M v v + eps * dot v v < 0 ->
  equality_fails F G.
Proof.
  intros He Hd Hp g Hg Hv.
  assert (Full : forall x, fisher_space F x).
  { intros x. set (d := fst (mu1 F) * snd (mu2 F) - snd (mu1 F) * fst (mu2 F)) in *.
    exists ((fst x * snd (mu2 F) - snd x * fst (mu2 F)) / d), ((fst (mu1 F) * snd x - snd (mu1 F) * fst x) / d).
    destruct x as [x1 x2]. unfold add, scale, d in *; simpl in *. f_equal; field; exact Hd. }
  split; [exact Full|].
  split; [intros r Hr; apply minimiser_exists; assumption|]. intros r A Hmin.
  assert (C : collapsed r A).
  { apply singular_collapsed. destruct (Req_dec (det (gram r A)) 0) as [Z|Z]; [exact Z|exfalso].
    destruct (gram_positive r A Z) as [X D].
    assert (Hr : exists n, r = S (S n)).
    { destruct r as [|[|n]]; [exfalso; apply Z, gram_small; lia|exfalso; apply Z, gram_small; lia|exists n; reflexivity]. }
    destruct Hr as [n ->].
    set (K := gram (S (S n)) A) in *.
    pose proof (objective_tangent F e G HF M K He) as T. fold g in T.
    assert (B : inner (sub K M) (sub K M) <= eps * eps).
    { apply (short_step g); [exact Hp|exact Hg|]. intros l Hl.
      destruct (mix_positive K M l X D Hl) as (k & Hk & X' & D').
      pose proof (Hmin (cholesky (mix k K M))) as I.
      rewrite !loss_objective in I by exact HF. rewrite gram_cholesky in I by (try apply Rlt_le; assumption). fold K in I.
      pose proof (objective_convex F e G HF k K M ltac:(lra)) as Cv.
      assert (P : 0 <= inner (sub K M) (sub K M)) by (unfold inner; nra).
      assert (I' : k * objective F e G K <= k * (objective F e G M - (1 - k) * inner (sub K M) (sub K M) / 2)) by lra.
      apply Rmult_le_reg_l in I'; [|lra]. nra. }
    pose proof (form_bound (sub K M) v eps Hp B) as FB.
    assert (P : 0 <= form K v v).
    { unfold K. rewrite form_gram. apply sum_ge_0. intros; nra. }
    replace (form K v v) with (form M v v + form (sub K M) v v) in P by (unfold form, sub, apply, dot; simpl; ring).
    lra. }
  split; [exact C|]. intros Eq. destruct C as (u & Hu & Hz).
  destruct (proj2 (Eq u) (Full u)) as [c Hc].
  assert (Q : dot u u = 0).
  { rewrite Hc at 1. unfold dot at 1; simpl.
    rewrite (Rmult_comm _ (fst u)), (Rmult_comm _ (snd u)), <- !sum_scale, <- sum_add.
    rewrite (sum_ext r _ (fun j => 0 * c j)).
    - rewrite sum_scale. ring.
    - intros j Hj. replace (0 * c j) with (c j * dot (A j) u) by (rewrite Hz by exact Hj; ring). unfold dot; ring. }
  apply Hu. destruct u as [u1 u2]. unfold dot in Q; simpl in Q. f_equal; nra.
Qed.
End refutation.
