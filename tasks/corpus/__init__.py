"""Commands around the owner's recordings.

In order: `import_recordings` makes data of long ones, `accounts` says where each second went,
`review` lets a person hear what an import doubts, `originals` undoes cleaning.
"""
