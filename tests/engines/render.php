<?php

// Renders pages with PHP, Smarty and Twig of Debian; see render.py for what it reads and prints.

set_error_handler(function (int $level, string $message): bool {
    throw new ErrorException($message);
}, E_ALL & ~E_DEPRECATED);

function php(string $folder, string $main, array $data): string
{
    extract($data);
    ob_start();
    chdir($folder);
    try {
        include "$folder/$main";
    } finally {
        $html = ob_get_clean();
    }
    return $html;
}

function smarty(string $folder, string $main, array $data): string
{
    require_once 'smarty4/Smarty.class.php';
    $smarty = new Smarty();
    $smarty->setTemplateDir($folder);
    $smarty->setCompileDir("$folder/compiled");
    $smarty->assign($data);
    return $smarty->fetch($main);
}

function twig(string $folder, string $main, array $data): string
{
    require_once 'Twig/autoload.php';
    $loader = new Twig\Loader\FilesystemLoader($folder);
    return (new Twig\Environment($loader))->render($main, $data);
}

function render(array $job): array
{
    try {
        return ['html' => $job['engine']($job['folder'], $job['main'], $job['data'])];
    } catch (Throwable $error) {
        return ['error' => get_class($error) . ': ' . $error->getMessage()];
    }
}

echo json_encode(array_map('render', json_decode(file_get_contents('php://stdin'), true)), JSON_THROW_ON_ERROR);
